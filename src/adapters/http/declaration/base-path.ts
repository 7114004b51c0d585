/** Where APIs begin. */

export const BASE_PATH = '/api/v1';
/** Where clients of OpenAI's API are told that it is. */
export const OPENAI_BASE_PATH = '/v1';
