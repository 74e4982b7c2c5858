import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/**
 * Builds the dashboard's page into `outFolder`: `index.html` and `assets/` with hashed names, nothing fetched from
 * elsewhere. What is in the folder before is removed.
 */
export async function buildDashboard(outFolder: string): Promise<void> {
  await build({
    configFile: false,
    root: fileURLToPath(new URL('./src', import.meta.url)),
    logLevel: 'error',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: outFolder,
      emptyOutDir: true,
      // A content security policy of 'self' forbids data: addresses, so nothing is inlined.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: 'es2023',
      // The first browsers with light-dark(): lowered, it would follow the system only and not the theme that is chosen.
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      rolldownOptions: {
        output: {
          // The chart library changes seldom: in a file of its own it stays in the browser's cache over our changes.
          codeSplitting: { groups: [{ name: 'charts', test: /node_modules\/(lightweight-charts|fancy-canvas)/ }] },
        },
      },
    },
  });
}
