import { MantineProvider } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { theme, variables } from './theme';

export function App() {
  const { t } = useTranslation();
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <main>{t('app.name')}</main>
    </MantineProvider>
  );
}
