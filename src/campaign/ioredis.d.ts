/** The part of ioredis 5 and 6 that is used here: an optional peer, which need not be installed. */
declare module 'ioredis' {
  /** A connection to Redis. */
  export class Redis {
    constructor(url: string, options: { maxRetriesPerRequest: null; lazyConnect: true });
    connect(): Promise<void>;
    disconnect(): void;
    on(event: 'error', listener: (error: Error) => void): this;
  }
}
