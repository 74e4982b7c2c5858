/** One message as it was sent. */
export interface SentFrame {
  readonly stream: string;
  readonly payload: string;
  readonly sentAtMs: number;
  /** Ids of the connections that got it. */
  readonly connections: readonly number[];
}

/** Keeps the exact texts that were sent, to be compared with what a recorder has stored. Bounded in frames. */
export interface SentRecording {
  readonly begin: (limit: number) => void;
  readonly end: () => void;
  readonly add: (frame: SentFrame) => void;
  /** `missed`: frames sent after the limit was reached. */
  readonly read: (stream?: string) => { frames: readonly SentFrame[]; missed: number };
}

export function sentRecording(): SentRecording {
  let frames: SentFrame[] = [];
  let limit = 0;
  let missed = 0;
  return {
    begin: (most) => {
      frames = [];
      missed = 0;
      limit = most;
    },
    end: () => {
      limit = 0;
    },
    add: (frame) => {
      if (limit === 0) return;
      if (frames.length < limit) frames.push(frame);
      else missed++;
    },
    read: (stream) => ({
      frames: stream === undefined ? frames : frames.filter((frame) => frame.stream === stream),
      missed,
    }),
  };
}
