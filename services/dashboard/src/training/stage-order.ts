import { modelTitle, type RegisteredModel, type Stage } from './model.ts';

/** A change of stage that can be asked for. */
export interface StageOrder {
  readonly kind: 'promote' | 'demote' | 'rollback';
  /** On the button: `Promote to paper`. */
  readonly label: string;
  /** What becomes of which model. */
  readonly says: string;
  /** It takes a model out of trading, or puts one at real money. */
  readonly isGrave: boolean;
  /** Below `/api/v1`. */
  readonly path: string;
  /** Beside the reason. */
  readonly body: Readonly<Record<string, string>>;
}

const STAYS = 'A session that trades it goes on until it is stopped.';

/** What can be asked for of a model, by its stage. Whether it may be, the registry's rules say. */
export function stageOrders(model: RegisteredModel): readonly StageOrder[] {
  switch (model.stage) {
    case 'candidate':
      return [promotion(model, 'paper'), demotion(model, 'archived')];
    case 'archived':
      return [promotion(model, 'paper')];
    case 'paper':
      return [
        promotion(model, 'live'),
        rollback(model, 'paper'),
        demotion(model, 'candidate'),
        demotion(model, 'archived'),
      ];
    case 'live':
      return [rollback(model, 'live'), demotion(model, 'candidate'), demotion(model, 'archived')];
  }
}

function promotion(model: RegisteredModel, to: 'paper' | 'live'): StageOrder {
  const place = to === 'live' ? 'live, where it trades real money' : 'on paper';
  return {
    kind: 'promote',
    label: `Promote to ${to}`,
    says: `${modelTitle(model)} will be ${place}. Another one of its name that is there is archived.`,
    isGrave: to === 'live',
    path: `/models/${model.id}/promote`,
    body: { to },
  };
}

function demotion(model: RegisteredModel, to: 'candidate' | 'archived'): StageOrder {
  const place = to === 'archived' ? 'out of use' : 'a candidate again';
  const holds = model.stage === 'paper' || model.stage === 'live';
  return {
    kind: 'demote',
    label: to === 'archived' ? 'Archive' : 'Demote to candidate',
    says: `${modelTitle(model)} will be ${place}.${holds ? ` Nothing takes its place, and no rollback comes back to it. ${STAYS}` : ''}`,
    isGrave: holds,
    path: `/models/${model.id}/demote`,
    body: { to },
  };
}

function rollback(model: RegisteredModel, stage: Extract<Stage, 'paper' | 'live'>): StageOrder {
  return {
    kind: 'rollback',
    label: 'Roll back',
    says: `The model of ${model.name} that was ${stage === 'live' ? 'live' : 'on paper'} before comes back, and ${modelTitle(model)} is archived. ${STAYS}`,
    isGrave: stage === 'live',
    path: `/models/${encodeURIComponent(model.name)}/rollback`,
    body: { stage },
  };
}
