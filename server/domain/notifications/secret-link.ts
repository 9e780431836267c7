/** Links that set a password are stored sealed inside the e-mail's row, and opened for its sending or a reader who may. */
import { open, seal } from "#server/kernel/crypto.ts";

/** An address, so that it may stand where the link will. */
const sealedLink = /https:\/\/sealed\.invalid\/([\w.-]+)/g;

export const sealLink = (link: string, emailId: string): string => `https://sealed.invalid/${seal(link, emailId)}`;

export const openLinks = (body: string, emailId: string): string =>
  body.replace(sealedLink, (_, sealed: string) => open(sealed, emailId));

export const hideLinks = (body: string): string => body.replace(sealedLink, "#");

export const hasSealedLink = (body: string): boolean => body.search(sealedLink) >= 0;
