// The house whose server this is: its name and its colour.
import { useEffect } from 'react';
import { useRules } from '../account/queries';

/** Both are empty where nothing was chosen. */
export type House = { name: string; accent: string };

const key = 'alveary-house';
const plain: House = { name: '', accent: '' };

/** What was kept of it, if anything fit for use. */
export function readHouse(text: string | null): House | undefined {
  try {
    const kept = JSON.parse(text ?? 'null') as Partial<Record<keyof House, unknown>> | null;
    if (typeof kept?.name !== 'string' || typeof kept.accent !== 'string') return undefined;
    return { name: kept.name, accent: isColour(kept.accent) ? kept.accent : '' };
  } catch {
    return undefined;
  }
}

const isColour = (text: string) => /^#[0-9a-f]{6}$/i.test(text);

function remembered(): House | undefined {
  try {
    return readHouse(localStorage.getItem(key));
  } catch {
    // Storage is closed to this page.
    return undefined;
  }
}

// Read once: what the server answers counts from then on.
const before = remembered();

/**
 * The house as the server tells of it, and until then as it was the last time;
 * undefined while neither is known, so that no page shows itself in a colour
 * that it loses at once.
 */
export function useHouse(): House | undefined {
  const { data, failureCount } = useRules();
  if (data) return { name: data.organisation.name, accent: isColour(data.organisation.accent) ? data.organisation.accent : '' };
  return before ?? (failureCount > 0 ? plain : undefined);
}

/** Keeps the house for the next visit. */
export function useRememberedHouse({ name, accent }: House): void {
  useEffect(() => {
    try {
      localStorage.setItem(key, JSON.stringify({ name, accent }));
    } catch {
      // Without storage the page asks each time.
    }
  }, [name, accent]);
}
