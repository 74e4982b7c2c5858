import { createStore, type Readable } from '../store/store.ts';
import { changeSettings, settings } from './settings.ts';

const prefersLight = matchMedia('(prefers-color-scheme: light)');
const shown = createStore<'light' | 'dark'>('dark');

/** The theme that is shown, whoever chose it. */
export const shownTheme: Readable<'light' | 'dark'> = shown;

/** Follows the setting, and where that says `system` the system. */
export function followTheme(): void {
  settings.subscribe(applyTheme);
  prefersLight.addEventListener('change', applyTheme);
  applyTheme();
}

/** To the other of light and dark. */
export function toggleTheme(): void {
  const next = shown.get() === 'dark' ? 'light' : 'dark';
  changeSettings({ theme: next });
  applyTheme();
}

function applyTheme(): void {
  const { theme } = settings.get();
  const next = theme === 'system' ? (prefersLight.matches ? 'light' : 'dark') : theme;
  document.documentElement.style.colorScheme = next;
  document.documentElement.dataset['theme'] = next;
  shown.set(next);
}
