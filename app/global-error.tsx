"use client";
/** The last resort, when even the root layout failed: no brand, no catalogue, three languages at once. */

export default function GlobalError({ reset }: { reset: () => void }) {
  return (
    <html lang="en">
      <body style={{ fontFamily: "system-ui, sans-serif", display: "grid", placeItems: "center", minHeight: "100vh" }}>
        <main style={{ textAlign: "center", lineHeight: 1.7 }}>
          <p>This page did not load. Try again in a moment.</p>
          <p lang="vi">Trang này không tải được. Hãy thử lại sau giây lát.</p>
          <p lang="ru">Страница не загрузилась. Попробуйте чуть позже.</p>
          <button type="button" onClick={reset}>
            ↻
          </button>
        </main>
      </body>
    </html>
  );
}
