import { useState } from 'react';
import { type Reading, readPolicy, writePolicy } from '../model/policy';
import type { Policy, ScenarioFile } from '../types';

export type Saved = { policy: Policy; version: number; scenarios: ScenarioFile[] };

export type Draft = {
  saved: Saved;
  text: string;
  reading: Reading;
  /** What the form shows: the text, or the last that could be read where it cannot. */
  policy: Policy;
  scenarios: ScenarioFile[];
  policyDirty: boolean;
  scenariosDirty: boolean;
  setText: (text: string) => void;
  setPolicy: (policy: Policy) => void;
  setScenarios: (scenarios: ScenarioFile[]) => void;
  /** Begins again from what is saved. */
  reset: (saved?: Saved) => void;
};

type State = { saved: Saved; text: string; reading: Reading; policy: Policy; scenarios: ScenarioFile[] };

function begin(saved: Saved): State {
  const text = writePolicy(saved.policy);
  return { saved, text, reading: { policy: saved.policy }, policy: saved.policy, scenarios: saved.scenarios };
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** A policy that is being edited, as text and as form at once: each writes the other. */
export function useDraft(first: Saved): Draft {
  const [state, setState] = useState(() => begin(first));
  return {
    ...state,
    policyDirty: 'broken' in state.reading || !same(state.policy, state.saved.policy),
    scenariosDirty: !same(state.scenarios, state.saved.scenarios),
    setText: (text) => setState((now) => {
      const reading = readPolicy(text);
      return { ...now, text, reading, policy: 'policy' in reading ? reading.policy : now.policy };
    }),
    setPolicy: (policy) => setState((now) => ({ ...now, policy, text: writePolicy(policy), reading: { policy } })),
    setScenarios: (scenarios) => setState((now) => ({ ...now, scenarios })),
    reset: (saved) => setState((now) => begin(saved ?? now.saved)),
  };
}
