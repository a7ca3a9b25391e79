/** Whether `npm run faults` runs, which takes its time; `npm test` has the short forms. */
export const WHOLE = process.env.FAULTS === 'whole';
