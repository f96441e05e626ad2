DROP TABLE phrase;
