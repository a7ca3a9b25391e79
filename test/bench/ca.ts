// The host's CA bundle, where a proxy needs one: every contender's containers trust it.

export const ca = process.env.KOALACI_EXTRA_CA_CERTS || process.env.NODE_EXTRA_CA_CERTS || '';

/** Options of docker run that bring it into a container. */
export const caArgs = ca
  ? [
      '--volume',
      `${ca}:/ca.pem:ro`,
      '--env',
      'NODE_EXTRA_CA_CERTS=/ca.pem',
      '--env',
      'npm_config_cafile=/ca.pem',
    ]
  : [];
