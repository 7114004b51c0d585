/** The settings of the language model: an address and a name, and nothing that would be told by accident. */
import { expect } from 'chai';
import { type ConfigError, loadConfig } from '#infrastructure/config/config.ts';

function faultsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    loadConfig(environment, () => '');
    return [];
  } catch (error) {
    return (error as ConfigError).faults;
  }
}

describe('the settings of a language model', () => {
  it('are an address and a name, and refuses an address that carries more', () => {
    const LLM_MODEL = 'narrator-7b';
    for (const LLM_BASE_URL of ['http://127.0.0.1:11434/v1', 'https://api.example/openai/v1/'])
      expect(faultsOf({ LLM_BASE_URL, LLM_MODEL }), LLM_BASE_URL).to.deep.equal([]);
    for (const LLM_BASE_URL of [
      'ftp://a.example',
      'a.example/v1',
      'https://me:hunter2@a.example',
      'https://a.example?x',
    ])
      expect(faultsOf({ LLM_BASE_URL, LLM_MODEL }), LLM_BASE_URL).to.deep.equal([
        'LLM_BASE_URL: must be an http or https address without user, query and fragment, such as http://127.0.0.1:11434/v1',
      ]);
    expect(faultsOf({ LLM_BASE_URL: 'http://127.0.0.1/v1' })).to.deep.equal([
      'LLM_MODEL: must be set where LLM_BASE_URL is',
    ]);
    expect(faultsOf({ LLM_REFINE: 'on' })).to.deep.equal(['LLM_REFINE: is on, which needs LLM_BASE_URL']);
    expect(faultsOf({ LLM_TIMEOUT_MS: '300001' })).to.deep.equal(['LLM_TIMEOUT_MS: must be from 1 to 300000']);
  });

  it('are the same for a server of embeddings, and how its order is made one with that of words', () => {
    const EMBED_BASE_URL = 'http://127.0.0.1:11434/v1';
    expect(faultsOf({ EMBED_BASE_URL, EMBED_MODEL: 'small', RETRIEVAL_FUSION: 'rrf' })).to.deep.equal([]);
    expect(faultsOf({ EMBED_BASE_URL })).to.deep.equal(['EMBED_MODEL: must be set where EMBED_BASE_URL is']);
    expect(faultsOf({ EMBED_BASE_URL: 'https://a.example?key=hunter2', EMBED_MODEL: 'small' })).to.deep.equal([
      'EMBED_BASE_URL: must be an http or https address without user, query and fragment, such as http://127.0.0.1:11434/v1',
    ]);
    expect(faultsOf({ RETRIEVAL_FUSION: 'best' })).to.have.lengthOf(1);
  });
});
