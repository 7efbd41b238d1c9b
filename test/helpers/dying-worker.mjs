// A worker that dies of its third run, as one without memory would.
export default ({ job }) => {
  if (job.run !== 3) return { ...job, outcome: 'moved', violated: [] };
  setImmediate(() => {
    throw new Error('out of memory');
  });
  return new Promise(() => {});
};
