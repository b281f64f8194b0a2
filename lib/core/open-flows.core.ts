/** Which ways through another site, such as an identity provider, somebody is on. */
export abstract class OpenFlowsCore {
  /**
   * Notes that somebody is on it; the later of two ends counts.
   * @param input.flow any text; only its hash is kept
   * @param input.untilMs milliseconds since the Unix epoch
   */
  abstract open(input: { flow: string; untilMs: number }): Promise<void>;

  /** Whether somebody is on it, in whatever process it was noted. */
  abstract isOpen(flow: string): Promise<boolean>;
}
