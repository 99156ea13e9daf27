/**
 * One entry of a trace of Chromium, as far as it is read here.
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** When, in µs. */
  readonly ts: number;
  /** How long, in µs. */
  readonly dur?: number;
  /** How much of it the thread has worked, in µs: what other programs took is not in it. */
  readonly tdur?: number;
  readonly args: {
    readonly data?: TraceData;
    readonly beginData?: TraceData;
  };
}

interface TraceData extends Partial<Frame> {
  /** What was about to do it, innermost first. */
  readonly stackTrace?: readonly Frame[];
}

/** A place in a script. */
export interface Frame {
  readonly functionName: string;
  readonly url: string;
  /** From 1. */
  readonly lineNumber: number;
}
