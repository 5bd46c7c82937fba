// Puts the colour of the organisation on a small page.
import { shadesOf } from '../lib/accent';

/** Paints the page; the policy of the server allows styles that a script sets. */
export function paint(element: HTMLElement, accent: string): void {
  if (!accent) return;
  const card = element.getAttribute('data-mantine-color-scheme') === 'dark' ? '#1e1c1a' : '#ffffff';
  const shades = shadesOf(accent, card);
  for (const [name, value] of [['honey', shades.fill], ['honey-over', shades.over], ['on-honey', shades.on], ['accent', shades.text], ['focus', shades.text]]) {
    element.style.setProperty('--' + name, value ?? '');
  }
}
