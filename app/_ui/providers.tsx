"use client";
/** What islands need around them: theme, toasts, tooltips, tRPC. */
import { Tooltip } from "@base-ui/react/tooltip";
import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";
import { ApiProvider } from "#app/_trpc/client.tsx";
import { Toasts } from "#app/_ui/toast.tsx";

export function Providers({ children, nonce }: { children: ReactNode; nonce?: string }) {
  return (
    <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange nonce={nonce}>
      <ApiProvider>
        <Tooltip.Provider delay={300}>{children}</Tooltip.Provider>
        <Toasts />
      </ApiProvider>
    </ThemeProvider>
  );
}
