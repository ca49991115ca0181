import type { Inputs, Outputs } from './props';

/** The outputs, and the inputs that a person can change with the keyboard. */
export type Report = Outputs & Pick<Inputs, 'slice_type' | 'mosaic'>;

/** Tells the page what is new, and nothing twice: every report is a round of callbacks. */
export class Reporter {
    private readonly told = new Map<string, string>();

    constructor(private readonly emit: (report: Report) => void) {}

    /** Also what was told before: an answer to a question. */
    answer(report: Report): void {
        this.emit(report);
    }

    tell(report: Report): void {
        const fresh = Object.entries(report).filter(([name, value]) => {
            const text = JSON.stringify(value);
            const isNew = this.told.get(name) !== text;
            this.told.set(name, text);
            return isNew;
        });
        if (fresh.length) this.emit(Object.fromEntries(fresh));
    }
}
