import { IconRefreshAlert } from '@tabler/icons-react';
import { Component, type ReactNode } from 'react';
import { Button } from '@mantine/core';
import { Empty } from '../files/Empty';
import { t } from '../i18n';

type State = { failed: boolean };

/** Keeps a part of the page that broke from taking the rest along. */
export class Boundary extends Component<{ children: ReactNode }, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override componentDidCatch(error: unknown): void {
    console.error(error);
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Empty icon={IconRefreshAlert} title={t('error.brokenTitle')} text={t('error.brokenText')} role="alert">
        <Button onClick={() => location.reload()}>{t('error.reload')}</Button>
      </Empty>
    );
  }
}
