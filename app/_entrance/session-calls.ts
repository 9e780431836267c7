/** Signs in and out over next-auth's own addresses; the answers are stable codes. */

/** @returns null when signed in, otherwise the code of the refusal: a key of the catalogue's `errors` */
export async function signIn(email: string, password: string): Promise<string | null> {
  try {
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const answer = await post("/api/auth/callback/credentials", { email, password });
      if (!answer.url) return "unexpected";
      const { searchParams } = new URL(answer.url, window.location.origin);
      // The token was of another tab's cookie by then: nobody was signed in, and a new token may fit.
      if (!searchParams.has("csrf")) return searchParams.get("error");
    }
    return "unexpected";
  } catch {
    return "offline";
  }
}

export async function signOut(): Promise<void> {
  await post("/api/auth/signout", {});
}

async function post(address: string, fields: Record<string, string>): Promise<{ url?: string }> {
  const { csrfToken } = (await (await fetch("/api/auth/csrf")).json()) as { csrfToken: string };
  const body = new URLSearchParams({ ...fields, csrfToken, json: "true", callbackUrl: "/console" });
  return (await fetch(address, { method: "POST", body })).json() as Promise<{ url?: string }>;
}
