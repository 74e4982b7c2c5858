import { render } from 'preact';
import { startClock } from './clock.ts';
import { App } from './components/app.tsx';
import { start } from './session.ts';
import { followTheme } from './settings/theme.ts';

followTheme();
startClock();
render(<App />, document.getElementById('app')!);
void start();
