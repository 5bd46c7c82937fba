import { useTranslation } from 'react-i18next';
import css from './Account.module.css';
import { Asked } from './Asked';
import { useAccount } from './queries';
import { Section } from './Section';
import { Stack } from './Stack';

/** The roles of this person, in the order in which they count. */
export function Roles() {
  const { t } = useTranslation();
  const account = useAccount();
  return (
    <Section id="roles" title={t('stack.mine')} text={t('stack.text')}>
      <Asked query={account}>{({ stack }) => (stack.length === 0 ? <p className={css.none}>{t('stack.none')}</p> : <Stack roles={stack} />)}</Asked>
    </Section>
  );
}
