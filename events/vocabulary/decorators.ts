// One file each: the index of the package loads tables of phone numbers and postcodes, for which every command would wait.
export { ArrayMaxSize } from 'class-validator/cjs/decorator/array/ArrayMaxSize.js';
export { IsIn } from 'class-validator/cjs/decorator/common/IsIn.js';
export { ValidateBy } from 'class-validator/cjs/decorator/common/ValidateBy.js';
export { ValidateIf } from 'class-validator/cjs/decorator/common/ValidateIf.js';
export { IsArray } from 'class-validator/cjs/decorator/typechecker/IsArray.js';
