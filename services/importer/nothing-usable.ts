import { ImportRefusal } from './import-refusal.ts';
import type { InstrumentName } from './instrument-name.ts';
import type { Survey } from './survey.ts';

const NAMED_MAX = 8;

/** Why a file without a single event for the instrument is refused, and what to do instead. */
export function nothingUsable(file: string, wanted: InstrumentName, survey: Survey): ImportRefusal {
  const others = Object.entries(survey.otherInstrument).filter(([name]) => !name.endsWith('(no symbol)'));
  const [likeliest] = others;
  if (likeliest !== undefined) {
    const named = others.slice(0, NAMED_MAX).map(([name, count]) => `${name} (${count})`);
    const more = others.length > NAMED_MAX ? ` and ${others.length - NAMED_MAX} more` : '';
    return new ImportRefusal(
      `${file}: expected events of ${wanted.instrument}, found only those of ${named.join(', ')}${more}. Import it with --instrument ${likeliest[0]}.`,
    );
  }
  const [fault] = survey.refusals.lines;
  if (fault !== undefined)
    return new ImportRefusal(
      `${file}: none of its ${survey.lines} lines can be imported. Line ${fault.line}: ${fault.field}: expected ${fault.expected}, found ${fault.found}.`,
    );
  const kinds = Object.keys(survey.unsupported).slice(0, NAMED_MAX);
  const found = kinds.length === 0 ? `${survey.lines} lines without events` : kinds.join(', ');
  return new ImportRefusal(`${file}: expected market data that Don records, found only ${found}.`);
}
