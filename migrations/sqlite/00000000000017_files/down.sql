DROP TABLE file_link;
DROP TABLE file;
