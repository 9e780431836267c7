/** Lets the one form helper call a server action: its refusal takes the shape of a refused procedure. */
import type { Outcome } from "#app/_entrance/actions.ts";
import type { Verb } from "#app/_ui/use-verb.ts";

export function entranceVerb<In, Out>(action: (input: In) => Promise<Outcome<Out>>): Verb<In, Out> {
  return {
    mutationFn: async (input) => {
      const outcome = await action(input);
      if (outcome.ok) return outcome.value;
      const domain = { code: outcome.code, detail: { field: outcome.field } };
      throw Object.assign(new Error(outcome.message), { data: { domain } });
    },
  };
}
