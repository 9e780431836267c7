/** An address below the console that no page answers: said inside the console's frame. */
import { notFound } from "next/navigation";

export default function NoSuchPage(): never {
  notFound();
}
