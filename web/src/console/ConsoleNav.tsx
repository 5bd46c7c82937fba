import { IconArrowLeft } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { consolePath } from '../app/paths';
import { Spot } from '../shell/Rail';
import css from '../shell/Rail.module.css';
import { useParts } from './parts/useParts';
import { useReach } from './parts/useReach';

/** The menu of the console, in place of the places among the files. */
export default function ConsoleNav() {
  const { t } = useTranslation();
  const reach = useReach();
  return (
    <nav aria-label={t('console.title')} className={css.places}>
      <Spot href="/" icon={IconArrowLeft} label={t('console.back')} />
      <hr />
      {useParts().filter(({ part }) => reach?.has(part)).map(({ part, label, icon }) => <Spot key={part} href={consolePath(part)} icon={icon} label={label} />)}
    </nav>
  );
}
