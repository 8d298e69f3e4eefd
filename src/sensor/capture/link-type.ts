/** LINKTYPE values (draft-ietf-opsawg-pcaplinktype) of the frames that are read. */
export const ETHERNET = 1;
export const RAW_IP = 101;
export const COOKED_V1 = 113;
export const RAW_IPV4 = 228;
export const RAW_IPV6 = 229;
export const COOKED_V2 = 276;
