/** What an endpoint is called: as its owner described it, else its host. */
export const webhookName = ({ description, url }: { description: string; url: string }): string =>
  description || new URL(url).host;
