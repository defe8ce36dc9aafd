/** A communicator as its proxies see it. */
export interface CommunicatorContext {
  /** Whether `terminate` was called. */
  readonly isTerminating: boolean;
  /** The text of a property: what was set, else `otherwise`, else its default, else empty. */
  getProperty(name: string, otherwise?: string): string;
  /** Ends the communicator; see `Communicator.terminate`. */
  terminate(): Promise<void>;
}
