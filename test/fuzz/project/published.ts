// The package of the registry that projects ask for: small, without dependencies, and as it is for good.

export const PUBLISHED = 'ms';

/** What lockfiles have of its versions: hashes of its tarball, and of yarn 4's archive of it. */
export const HASHES = {
  '2.1.2': {
    sha1: 'd09d1f357b443f493382a8eb3ccd183872ae6009',
    integrity:
      'sha512-sGkPx+VjMtmA6MX27oA4FBFELFCZZ4S4XqeGOXCv68tT+jb3vk/RyaKWP0PTKyWtmLSM0b+adUTEvbs1PEaH2w==',
    berry:
      '10c0/a437714e2f90dbf881b5191d35a6db792efbca5badf112f87b9e1c712aace4b4b9b742dd6537f3edf90fd6f684de897cec230abde57e87883766712ddda297cc',
  },
  '2.1.3': {
    sha1: '574c8138ce1d2b5861f0b44579dbadd60c6615b2',
    integrity:
      'sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==',
    berry:
      '10c0/d924b57e7312b3b63ad21fc5b3dc0af5e78d61a1fc7cfb5457edaf26326bf62be5307cc87ffb6862ef1c2b33b0233cdb5d4f01c4c958cc0d660948b65a287a48',
  },
} as const;

/** Its tarball, as package managers write the address. */
export const tarballUrl = (registry: string, version: string) =>
  `https://${registry}/${PUBLISHED}/-/${PUBLISHED}-${version}.tgz`;
