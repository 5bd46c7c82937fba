import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));

// The API a developer's page talks to; the binary on its loopback address.
const backend = process.env.ALVEARY_DEV_API ?? 'http://127.0.0.1:8080';

const mantine = 'Menu|Popover|Tooltip|Transition|Portal|FocusTrap|Button|ActionIcon|UnstyledButton|Loader|Input|Paper';
const base = [
  'node_modules/(react|react-dom|scheduler|@tanstack|i18next|react-i18next|wouter|openapi-fetch|use-sync-external-store|@floating-ui)/',
  `node_modules/@mantine/(hooks|core/esm/(core|components/(${mantine})))/`,
  'icons-react/dist/esm/(createReactComponent|defaultAttributes)',
];

// Three pages: the application, and two without React so that signing in and
// setting up load at once.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The policy of the server allows scripts from its own files only, so no
    // asset may turn into a data: address and no polyfill into an inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    rollupOptions: {
      output: {
        // What every page of the application needs, in one file: it compresses
        // better whole than in thirty parts.
        codeSplitting: {
          groups: [{ name: 'base', test: new RegExp(base.join('|')) }],
        },
      },
      input: {
        index: page('index.html'),
        signin: page('signin.html'),
        setup: page('setup.html'),
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: backend, changeOrigin: false } },
  },
});
