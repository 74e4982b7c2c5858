import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, normalize, sep } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../infra/home.ts';

// The house rules that a machine can check, over every file that git tracks or would track.

const FILES = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: REPOSITORY,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(REPOSITORY, file)));
const SOURCES = FILES.filter((file) => /\.(ts|tsx|mjs)$/.test(file));
const TESTS = FILES.filter((file) => file.endsWith('.test.ts'));

const read = (file: string): string => readFileSync(join(REPOSITORY, file), 'utf8');
const top = (file: string): string => file.split('/')[0]!;

/** Every place where a pattern stands: `file:line: text`. */
function places(files: readonly string[], pattern: RegExp): string[] {
  return files.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
  );
}

/** Fails with the list of what was found. */
function none(found: readonly string[], rule: string): void {
  assert.is(found.length, 0, `${rule}\n${found.join('\n')}`);
}

const FOLDERS = ['streams', 'operators', 'pipelines', 'services', 'infra', 'test', 'docs', '.ci'];
const ROOT_FILES = [
  '.gitignore',
  '.npmrc',
  'LICENSE',
  'README.md',
  'biome.json',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
];

test('every file has its place in the layout', () => {
  none(
    FILES.filter((file) => !(file.includes('/') ? FOLDERS.includes(top(file)) : ROOT_FILES.includes(file))),
    `folders: ${FOLDERS.join(', ')}`,
  );
});

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  streams: ['streams'],
  infra: ['infra'],
  operators: ['operators', 'streams'],
  pipelines: ['pipelines', 'operators', 'streams'],
  services: ['services', 'pipelines', 'operators', 'streams', 'infra'],
  test: ['test', 'services', 'pipelines', 'operators', 'streams', 'infra'],
};
const IMPORT = /(?:\bfrom|\bimport|\bimport\()\s*['"](\.{1,2}\/[^'"]+)['"]/g;

/** The files of ours that a file imports, with whether only types. */
function importsOf(file: string): { target: string; statement: string }[] {
  return [...read(file).matchAll(IMPORT)].map((match) => {
    const start = read(file).lastIndexOf('import', match.index + 6);
    return {
      target: normalize(join(dirname(file), match[1]!))
        .split(sep)
        .join('/'),
      statement: read(file).slice(start, start + 12),
    };
  });
}

test('imports point one way', () => {
  const wrong = SOURCES.flatMap((file) =>
    importsOf(file)
      .filter(({ target }) => !MAY_IMPORT[top(file)]?.includes(top(target)))
      .map(({ target }) => `${file} imports ${target}`),
  );
  none(wrong, `may import: ${JSON.stringify(MAY_IMPORT)}`);
});

test('operators take nothing but event types and their readers from streams', () => {
  const wrong = SOURCES.filter((file) => top(file) === 'operators').flatMap((file) =>
    importsOf(file)
      .filter(({ target }) => top(target) === 'streams' && !target.startsWith('streams/events/'))
      .map(({ target }) => `${file} imports ${target}`),
  );
  none(wrong, 'only streams/events');
});

test('operators know no clock, chance, timer, file or promise', () => {
  const operators = SOURCES.filter((file) => top(file) === 'operators');
  const banned =
    /\b(Date\.now|new Date\(\)|Math\.random|performance\.|setTimeout|setInterval|setImmediate|process\.|fetch\(|async |await )|from 'node:|\b(interval|timer|debounceTime|bufferTime|observeOn|delay)\(/;
  none(
    places(operators, banned).filter((place) => !/: (\*|\/\/|\/\*)/.test(place)),
    'replay must equal live',
  );
});

test('names are kebab-case and say what is inside', () => {
  const parts = SOURCES.flatMap((file) =>
    file.split('/').map((part) => ({ file, part: part.replace(/(\.(int|e2e|live))?(\.test)?\.(ts|tsx|mjs)$/, '') })),
  );
  none(
    parts.filter(({ part }) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(part)).map(({ file }) => file),
    'kebab-case',
  );
  const drawer = /^(utils?|helpers?|common|misc|handy|consts?|shared|lib|types)$/;
  none(
    parts.filter(({ part, file }) => drawer.test(part) && !file.startsWith('test/support/')).map(({ file }) => file),
    'a name for each thing, no drawers',
  );
});

const LINES_MAX = 300;
test(`no source file is longer than ${LINES_MAX} lines`, () => {
  none(
    SOURCES.filter((file) => read(file).split('\n').length > LINES_MAX + 1),
    'one concept a file',
  );
});

test('nothing is switched off, left open or thrown away', () => {
  const marks = new RegExp(
    [
      '@ts-' + 'ignore',
      '@ts-' + 'nocheck',
      '@ts-' + 'expect-error',
      '\\bTO' + 'DO\\b',
      '\\bFIX' + 'ME\\b',
      '\\bXX' + 'X\\b',
    ].join('|'),
  );
  none(places(SOURCES, marks), 'finish it, or file an issue');
});

test('exports are named, except those of a command, a benchmark, a custom feature and a configuration', () => {
  const unnamed = /^(services\/cli\/commands|test\/bench|test\/services\/features\/custom)\//;
  const others = SOURCES.filter((file) => !unnamed.test(file) && !/\.config\.ts$/.test(file));
  none(places(others, /^export default /), 'named exports');
});

test('operators and events say what they are', () => {
  const files = SOURCES.filter((file) => file.startsWith('operators/') || file.startsWith('streams/events/'));
  const silent = files.filter((file) => {
    const lines = read(file).split('\n');
    const first = lines.findIndex((line) => /^export (async )?(function|interface|const|type) /.test(line));
    return first > 0 && !/\*\/\s*$/.test(lines[first - 1]!);
  });
  none(silent, 'a docstring on the first export: units, sign, warm-up, source');
});

test('every test file runs its suites, and leaves out what uvu hides', () => {
  const wrong = TESTS.flatMap((file) => {
    const text = read(file);
    const suites = [...text.matchAll(/const (\w+) = suite(?:<[^>]*>)?\(/g)].map((match) => match[1]!);
    const names = /import \{[^}]*\btest\b[^}]*\} from 'uvu'/.test(text) ? [...suites, 'test'] : suites;
    const forgotten = names
      .filter((name) => !new RegExp(`^\\s*${name}\\.run\\(\\);`, 'm').test(text))
      .map((name) => `${file}: ${name}.run() is missing`);
    const hidden = names.flatMap((name) =>
      new RegExp(`\\b${name}\\.(only|skip|before|after)\\b`).test(text)
        ? [`${file}: ${name}.only, .skip, .before or .after, where uvu loses failures`]
        : [],
    );
    return [...(names.length === 0 ? [`${file}: no uvu suite`] : []), ...forgotten, ...hidden];
  });
  none(wrong, 'style.md 4 and 9');
});

test('no host of a package registry and no path of one machine', () => {
  const hosts = [
    'registry.np' + 'mjs',
    'repo1.mav' + 'en',
    'repo.mav' + 'en',
    'deb.deb' + 'ian',
    'pypi.o' + 'rg',
    'static.crat' + 'es',
    'proxy.gol' + 'ang',
    'unpkg.c' + 'om',
    'jsdel' + 'ivr',
  ];
  const paths = ['/wo' + 'rk/', '/ro' + 'ot/', '/tmp/d' + 'on'];
  const escaped = [...hosts, ...paths].map((text) => text.replaceAll('.', '\\.'));
  const texts = FILES.filter((file) => /\.(ts|tsx|mjs|json|md|sql|css|html|sh|yaml|yml)$|^\.(npmrc|ci\/)/.test(file));
  none(
    places(texts, new RegExp(`(?<![\\w}])(${escaped.join('|')})`)),
    'the ordinary clients know where their registries are',
  );
});

const BYTES_MAX = 400_000;
const DATA = /\.(gz|zip|zst|csv|parquet|jsonl|ndjson|rdb|aof|jar|deb|tgz|log)$/;
test('no data, no archives, nothing large', () => {
  const images = (file: string) => file.startsWith('docs/images/');
  const large = (file: string) => statSync(join(REPOSITORY, file)).size > BYTES_MAX && !images(file);
  none(
    FILES.filter((file) => DATA.test(file) || large(file)),
    `at most ${BYTES_MAX} bytes; recordings stay outside`,
  );
});

test('a page has one title and its links lead somewhere', () => {
  const pages = FILES.filter((file) => extname(file) === '.md');
  const wrong = pages.flatMap((file) => {
    const prose = read(file).replace(/^```[\s\S]*?^```/gm, '');
    const titles = prose.split('\n').filter((line) => /^# /.test(line)).length;
    const dead = [...prose.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)]
      .map((match) => match[1]!)
      .filter((link) => !existsSync(join(REPOSITORY, dirname(file), link)));
    return [
      ...(titles === 1 ? [] : [`${file}: ${titles} titles`]),
      ...dead.map((link) => `${file}: ${link} is not there`),
    ];
  });
  none(wrong, 'one # heading, no dead link');
});

test('every package is used', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
  const text = SOURCES.filter((file) => top(file) !== 'test')
    .map(read)
    .join('\n');
  none(
    Object.keys(dependencies).filter((name) => !new RegExp(`['"]${name.replace('/', '\\/')}(/[^'"]*)?['"]`).test(text)),
    'remove it from package.json',
  );
});

test('every test file lies where its subject does', () => {
  const apart = ['bench', 'e2e', 'support', 'infra'];
  const lost = TESTS.filter((file) => {
    const [, area, ...rest] = file.split('/');
    if (rest.length === 0 || apart.includes(area!)) return false;
    const folder = dirname(file).slice('test/'.length);
    return !existsSync(join(REPOSITORY, folder));
  });
  none(lost, `test/ mirrors the tree (apart: ${apart.join(', ')}, ${basename('test/tidy.test.ts')})`);
});

test.run();
