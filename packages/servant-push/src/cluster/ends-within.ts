/** Whether something ends within a time, in ms; what it rejects with is thrown. It is not stopped otherwise. */
export async function endsWithin(ms: number, run: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([run.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
