import { useEffect, useRef, useState } from 'react';

const span = 5000;

/** Bytes a second over the last few seconds. */
export function useRate(sent: number, active: boolean, tick: number): number {
  const past = useRef<{ at: number; sent: number }[]>([]);
  const [rate, setRate] = useState(0);
  useEffect(() => {
    if (!active) {
      past.current = [];
      return;
    }
    const now = performance.now();
    past.current = [...past.current.filter((one) => now - one.at < span), { at: now, sent }];
    const first = past.current[0];
    if (first && now - first.at > 500) setRate(Math.max(0, (1000 * (sent - first.sent)) / (now - first.at)));
  }, [sent, active, tick]);
  return active ? rate : 0;
}
