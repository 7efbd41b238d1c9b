/** The report's style, by the plugin in vite.config.ts. */
declare module 'virtual:report.css';
