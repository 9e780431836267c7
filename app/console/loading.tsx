/** While any page of the console loads that has no outline of its own. */
import { PageSkeleton } from "#app/_ui/skeleton.tsx";

export default function Loading() {
  return <PageSkeleton />;
}
