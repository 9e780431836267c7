/** Signs in and out over next-auth's own addresses; the answers are stable codes. */

/** @returns null when signed in, otherwise the code of the refusal: a key of the catalogue's `errors` */
export async function signIn(email: string, password: string): Promise<string | null> {
  try {
    const answer = await post("/api/auth/callback/credentials", { email, password });
    if (!answer.url) return "unexpected";
    return new URL(answer.url, window.location.origin).searchParams.get("error");
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
