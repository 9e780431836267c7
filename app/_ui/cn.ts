/** Joins class names; of two Tailwind classes that contradict each other, the later wins. */
import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

const merge = extendTailwindMerge({ extend: { classGroups: { "font-size": [{ text: ["2xs"] }] } } });

export const cn = (...classes: ClassValue[]): string => merge(clsx(classes));
