import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));

// The API a developer's page talks to; the binary on its loopback address.
const backend = process.env.ALVEARY_DEV_API ?? 'http://127.0.0.1:8080';

// What the small pages share with the application, which must not bring it along.
const small = /\/(?:signin|setup|welcome|link)\.html|\/src\/(?:entry\/|link\/|lib\/(?:accent|figures)|api\/passkey|i18n\/(?:language|[\w.]+json))|^\0/;

// Five pages: the application, and four without React so that signing in,
// setting up, the links of letters and public links load at once.
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
    // In kB before compression; what a page may weigh is measured where it is opened.
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      output: {
        // What the application cannot begin without, in one file: it compresses
        // better whole than in fifty parts.
        codeSplitting: {
          groups: [
            { name: 'shared', test: /\/src\/(?:i18n\/language|lib\/(?:accent|figures))|vite\/preload-helper/, priority: 1 },
            { name: 'base', tags: ['$initial'], test: (id) => !small.test(id) },
          ],
        },
      },
      input: {
        index: page('index.html'),
        signin: page('signin.html'),
        setup: page('setup.html'),
        welcome: page('welcome.html'),
        link: page('link.html'),
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: backend, changeOrigin: false } },
  },
});
