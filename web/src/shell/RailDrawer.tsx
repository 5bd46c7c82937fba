import { Drawer } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Rail } from './Rail';
import { closeRail } from './rail';
import css from './Shell.module.css';

/** The rail on a narrow page, drawn out over it. */
export default function RailDrawer() {
  const { t } = useTranslation();
  return (
    <Drawer opened onClose={closeRail} size={280} padding={0} withCloseButton={false} attributes={{ content: { 'aria-label': t('rail.label') } }}>
      <div className={css.drawer}><Rail /></div>
    </Drawer>
  );
}
