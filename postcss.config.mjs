/** Tailwind 4 runs as one PostCSS plugin. */
export default { plugins: { "@tailwindcss/postcss": {} } };
