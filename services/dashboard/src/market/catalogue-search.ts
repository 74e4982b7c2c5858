import type { CatalogueFeature } from './catalogue.ts';

/** Features of one kind, in the order in which they suit what is looked for. */
export interface FoundGroup {
  readonly title: string;
  readonly features: readonly CatalogueFeature[];
}

const GROUP_TITLES: Readonly<Record<string, string>> = {
  book: 'Order book',
  flow: 'Order flow and trades',
  cross: 'Two instruments',
};

/** The features that have each word of `text` in their name, title, group or formula; those that are named so come first. */
export function searchCatalogue(catalogue: readonly CatalogueFeature[], text: string): FoundGroup[] {
  const wanted = text.toLowerCase().trim();
  const words = wanted.split(/\s+/);
  const found = catalogue
    .filter((feature) => {
      const { name, title, group, formula } = feature;
      const said = [name, name.replaceAll('_', ' '), title, groupTitle(group), formula].join('\n').toLowerCase();
      return words.every((word) => said.includes(word));
    })
    .map((feature) => ({ feature, rank: rankOf(feature, wanted) }))
    .sort((a, b) => a.rank - b.rank);
  const groups = new Map<string, CatalogueFeature[]>();
  for (const { feature } of found) {
    const title = groupTitle(feature.group);
    const group = groups.get(title);
    if (group === undefined) groups.set(title, [feature]);
    else group.push(feature);
  }
  return [...groups].map(([title, features]) => ({ title, features }));
}

function groupTitle(group: string): string {
  return GROUP_TITLES[group] ?? `${group.charAt(0).toUpperCase()}${group.slice(1)}`;
}

/** 0: its very name, 3: found in its group or formula only. */
function rankOf({ name, title }: CatalogueFeature, wanted: string): number {
  if (wanted === '') return 0;
  const names = [name, name.replaceAll('_', ' '), title.toLowerCase()];
  if (names.includes(wanted)) return 0;
  if (names.some((text) => text.startsWith(wanted))) return 1;
  return names.some((text) => text.includes(wanted)) ? 2 : 3;
}
