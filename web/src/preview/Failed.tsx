import { useEffect, useState } from 'react';
import type { Node } from '../api/types';
import { sentence } from '../app/errors';
import { Facts } from './Facts';
import { refusalOf } from './text';

/** In place of a viewer that showed nothing: the server's reason where it has one, else the given text. */
export function Failed({ node, url, text }: { node: Node; url: string; text: string }) {
  const [reason, setReason] = useState<string>();
  useEffect(() => {
    const stop = new AbortController();
    void refusalOf(url, stop.signal).then((error) => {
      if (!stop.signal.aborted) setReason(error === undefined ? text : sentence(error));
    });
    return () => stop.abort();
  }, [url, text]);
  if (reason === undefined) return null;
  return <Facts node={node} text={reason} alarm />;
}
