import '@mantine/core/styles.css';
import './app/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { startWords } from './i18n';

const place = document.getElementById('root');
if (!place) throw new Error('the page has no #root');
await startWords();
createRoot(place).render(<App />);
