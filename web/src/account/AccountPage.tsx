import { useTranslation } from 'react-i18next';
import { useSession } from '../app/queries';
import { useTitle } from '../app/title';
import { RailButton } from '../files/Header';
import css from './Account.module.css';
import { Look } from './Look';
import { Password } from './Password';
import { Profile } from './Profile';
import { Sessions } from './Sessions';
import { Tokens } from './Tokens';

/** What a person may see and change about herself. */
export default function AccountPage() {
  const { t } = useTranslation();
  useTitle(t('account.open'));
  const user = useSession().data?.user;
  if (!user) return null;
  return (
    <div className={css.page}>
      <header className={css.header}>
        <RailButton />
        <h1>{t('account.open')}</h1>
      </header>
      <div className={css.scroll} tabIndex={-1}>
        <div className={css.column}>
          <Profile user={user} />
          <Look />
          <Password login={user.login} />
          <Sessions />
          <Tokens />
        </div>
      </div>
    </div>
  );
}
