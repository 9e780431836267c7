/** The outline of the list while it is searched. */
import { PageSkeleton } from "#app/_ui/skeleton.tsx";

export default function Loading() {
  return <PageSkeleton />;
}
