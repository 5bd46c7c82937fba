/** A link as it is sent to somebody: a server that does not know its own address leaves the host to the page. */
export const linkWithHost = (link: string, origin = location.origin): string => new URL(link, origin).href;
