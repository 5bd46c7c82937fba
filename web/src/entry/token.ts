/** Takes the token out of the address, so that neither history nor a shared screen keeps it. */
export function takeToken(place: Location, past: History): string {
  const token = place.hash.slice(1);
  if (token) past.replaceState(null, '', place.pathname + place.search);
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}
