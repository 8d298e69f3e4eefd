import { useEffect, useState } from 'preact/hooks';

/** Whether the page is drawn for paper, where nobody scrolls. */
export function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(false);
  useEffect(() => {
    const paper = matchMedia('print');
    const changed = (): void => setPrinting(paper.matches);
    paper.addEventListener('change', changed);
    return () => paper.removeEventListener('change', changed);
  }, []);
  return isPrinting;
}
