import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useHouse } from './house';

/** What the house calls itself: the name it was given, or that of the program. */
export function useHouseName(): string {
  const { t } = useTranslation();
  return useHouse()?.name || t('app.name');
}

/** Names the page in the browser's tab and history. */
export function useTitle(title: string): void {
  const house = useHouseName();
  useEffect(() => {
    document.title = title ? `${title} · ${house}` : house;
  }, [title, house]);
}
