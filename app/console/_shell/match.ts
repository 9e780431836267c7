/** How well an entry of the command palette answers what is typed. Pure. */

/**
 * 1 where a word begins with it, less where it stands inside a word, 0 where it is not found. Letters scattered over the
 * entry count for nothing: "price" is not "recipients". Accents make no difference, so "don hang" finds "Đơn hàng".
 */
export function matchScore(entry: string, typed: string): number {
  const wanted = plain(typed);
  const text = ` ${plain(entry)}`;
  if (text.includes(` ${wanted}`)) return 1;
  return text.includes(wanted) ? 0.5 : 0;
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d").trim();
}
